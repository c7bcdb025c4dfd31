// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.Signer;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Body;
import org.althing.api.identity.Keystore;
import picocli.CommandLine.Mixin;

/** A command that signs one entry. */
abstract class EntryCommand extends AssemblyCommand {

    @Mixin
    final SigningOptions signing = new SigningOptions();

    @Mixin
    final SubmitOptions submitting = new SubmitOptions();

    EntryCommand(Session session) {
        super(session);
    }

    /** Signs with the device key. */
    final int publish(Assembly assembly, String dao, Body body, String what, ObjectNode details)
            throws Failure, RefusedException, AlthingException, IOException {
        try (Keystore.Unlocked identity = signing.unlock(session)) {
            return publish(assembly, dao, identity.device(), body, what, details);
        }
    }

    final int publish(Assembly assembly, String dao, Signer signer, Body body, String what, ObjectNode details)
            throws Failure, RefusedException, AlthingException, IOException {
        Author author = new Author(session, assembly, submitting, signing.file(session));
        return author.publish(dao, signer, body, what).report(session, what, details);
    }

    /** A proposal by the beginning of its CID. */
    static Cid cid(Assembly.ProposalView proposal) {
        return Cid.parse(proposal.proposal());
    }
}
