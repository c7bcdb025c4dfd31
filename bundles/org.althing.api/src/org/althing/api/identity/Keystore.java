// SPDX-License-Identifier: EPL-2.0
package org.althing.api.identity;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.althing.api.AlthingException;
import org.althing.api.PublicKey;
import org.althing.api.Signer;

/**
 * Keeps identities and notary keys in files that only their passphrase opens. A root key comes from a recovery phrase (BIP-39 words,
 * SLIP-0010 Ed25519); device keys are random and never leave the file they were made in. Safe for use by many threads; every call reads the
 * file anew.
 *
 * <p>All methods throw {@link AlthingException} with one line for the user when the passphrase is wrong, the file is truncated, damaged or of
 * another version, or its mode lets others read it (an exported copy may have any mode, since it travels on media that know none).
 */
public interface Keystore {

    int PASSPHRASE_MIN_CHARS = 8;
    int PASSPHRASE_MAX_CHARS = 1024;
    int NAME_MAX_CHARS = 64;

    /**
     * Makes an identity: a root key from fresh words and one device key.
     *
     * @param file must not exist; written with mode 0600 in a folder of mode 0700
     */
    Created create(Path file, String name, char[] passphrase) throws AlthingException;

    /** Makes the identity of these words again on this device: the same root key, a new device key. */
    Identity restore(Path file, String name, List<String> words, char[] passphrase) throws AlthingException;

    /**
     * What a file says without its passphrase: name and public keys, not to be trusted. Of an exported copy, which has no device key, the
     * root key stands in its place.
     */
    Identity inspect(Path file) throws AlthingException;

    /** Opens an identity. */
    Unlocked unlock(Path file, char[] passphrase) throws AlthingException;

    /** Writes a copy under another passphrase that {@link #importFrom} reads; it holds the root key, no device key. */
    void export(Path file, char[] passphrase, Path target, char[] targetPassphrase) throws AlthingException;

    /** Reads what {@link #export} wrote: the same root key, a new device key. */
    Identity importFrom(Path exported, char[] exportPassphrase, Path file, char[] passphrase) throws AlthingException;

    /**
     * Opens the notary key of a node, making it if the file is absent. It is random, its own, never exported; the file is protected by its mode
     * 0600 alone, since a node must start unattended.
     */
    Signer notaryKey(Path file) throws AlthingException;

    /**
     * The public part.
     *
     * @param created when this file was made
     */
    record Identity(String name, PublicKey root, PublicKey device, Instant created) {}

    /**
     * A new identity.
     *
     * @param words the recovery phrase; shown once, kept nowhere
     */
    record Created(Identity identity, List<String> words) {
        public Created {
            words = List.copyOf(words);
        }

        /** Without the words, which must not reach a log. */
        @Override
        public String toString() {
            return "Created[identity=" + identity + "]";
        }
    }

    /** An open identity; closing it wipes the private keys. */
    interface Unlocked extends AutoCloseable {

        Identity identity();

        /** Signs charters and key changes. */
        Signer root();

        /** Signs everything else. */
        Signer device();

        @Override
        void close();
    }
}
