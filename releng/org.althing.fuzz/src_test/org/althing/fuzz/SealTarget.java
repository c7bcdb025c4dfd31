// SPDX-License-Identifier: EPL-2.0
package org.althing.fuzz;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.seal.Certificate;
import org.althing.api.seal.SealHeader;
import org.althing.codec.Car;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.Hamt;
import org.althing.codec.MalformedException;
import org.althing.codec.MissingBlockException;
import org.althing.codec.SealCodec;

/** Seal headers, certificates, blocks of a state's map, CAR files, and CBOR as such. */
public final class SealTarget {

    private static final Cid CID = Cid.hash(new byte[] {1});
    private static final byte[] KEY = {1};

    private SealTarget() {}

    public static List<byte[]> seeds() {
        SealHeader header = new SealHeader(CID, 1, 9, 7, CID, 1_700_000_000_000L, 3, new byte[32], CID, CID, CID);
        Certificate certificate = new Certificate(
                Certificate.Kind.FINALIZE,
                CID,
                1,
                9,
                CID,
                List.of(new Certificate.Vote(
                        PublicKey.of(new byte[PublicKey.BYTES]), Signature.of(new byte[Signature.BYTES]))));
        byte[] value = new CborWriter().text("value").toBytes();
        ByteArrayOutputStream map = new ByteArrayOutputStream();
        Hamt.empty().put(KEY, value).put(new byte[] {2}, value).blocks((cid, block) -> map.writeBytes(block));
        return List.of(
                FuzzTarget.forDecoder(0, SealCodec.encode(header)),
                FuzzTarget.forDecoder(1, SealCodec.encode(certificate)),
                FuzzTarget.forDecoder(2, map.toByteArray()),
                FuzzTarget.forDecoder(3, car(value)),
                FuzzTarget.forDecoder(4, SealCodec.encode(header)),
                FuzzTarget.forDecoder(
                        4,
                        new CborWriter()
                                .list(3)
                                .integer(-300)
                                .nil()
                                .text("\u00e9")
                                .toBytes()));
    }

    private static byte[] car(byte[] block) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (Car.Writer out = Car.write(file, List.of(Cid.hash(block)))) {
            out.write(Cid.hash(block), block);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        try {
            switch (input[0]) {
                case 0 ->
                    FuzzTarget.require(
                            Arrays.equals(SealCodec.encode(SealCodec.decodeHeader(bytes)), bytes),
                            "a header has one form");
                case 1 ->
                    FuzzTarget.require(
                            Arrays.equals(SealCodec.encode(SealCodec.decodeCertificate(bytes)), bytes),
                            "a certificate has one form");
                case 2 -> readMap(bytes);
                case 3 -> readCar(bytes);
                default -> {
                    CborReader in = new CborReader(bytes);
                    in.skip();
                    in.finish();
                }
            }
        } catch (MalformedException e) {
            // Refused, as declared.
        }
    }

    private static void readMap(byte[] root) {
        Cid name = Cid.hash(root);
        try {
            Hamt.verify(name, KEY, List.of(root));
        } catch (MalformedException e) {
            // Refused, as declared; the whole may be a map all the same.
        }
        try {
            Hamt map = Hamt.load(name, cid -> cid.equals(name) ? root : null);
            FuzzTarget.require(map.root().equals(name), "a map has one form");
        } catch (MissingBlockException e) {
            // It names more than this block.
        }
    }

    private static void readCar(byte[] file) throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try (Car.Reader in = Car.read(new ByteArrayInputStream(file), 100);
                Car.Writer out = Car.write(written, in.roots())) {
            for (Car.Block block = in.next(); block != null; block = in.next()) {
                out.write(block.cid(), block.bytes());
            }
        }
        FuzzTarget.require(Arrays.equals(written.toByteArray(), file), "a CAR file has one form");
    }
}
