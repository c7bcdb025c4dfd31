// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.LocalDoor;
import org.althing.api.node.Plugins;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests in JSON-RPC 2.0 with the use cases of an assembly and of its plugins; what crosses is described at {@link LocalDoor}. Safe for use by many
 * threads.
 *
 * @see <a href="https://www.jsonrpc.org/specification">JSON-RPC 2.0</a>
 */
final class JsonRpc {

    private static final Logger LOG = LoggerFactory.getLogger(JsonRpc.class);
    private static final int DEPTH_MAX = 16;

    private final Assembly assembly;
    private final Plugins plugins;
    private final ObjectMapper mapper;

    /** The request cannot be carried out, and whoever sent it is to blame. */
    private static final class BadRequest extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;

        BadRequest(int code, String message) {
            super(message);
            this.code = code;
        }
    }

    JsonRpc(Assembly assembly, Plugins plugins) {
        this.assembly = assembly;
        this.plugins = plugins;
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(DEPTH_MAX)
                .maxStringLength(LocalDoor.LINE_MAX_BYTES)
                .build();
        this.mapper = new ObjectMapper(
                JsonFactory.builder().streamReadConstraints(constraints).build());
        mapper.registerModule(new Jdk8Module());
    }

    /** The answer to one line, as one line. Never fails: whatever goes wrong is an answer. */
    byte[] answer(byte[] line) {
        JsonNode request;
        try {
            request = mapper.readTree(line);
        } catch (IOException e) {
            return error(null, LocalDoor.CODE_NO_JSON, "the line is no JSON");
        }
        JsonNode id = request.get("id");
        try {
            byte[] answer = result(id, call(request));
            return answer.length <= LocalDoor.LINE_MAX_BYTES
                    ? answer
                    : error(
                            id,
                            LocalDoor.CODE_REFUSED,
                            "the answer has " + answer.length + " bytes, more than a line may have; ask for less");
        } catch (BadRequest e) {
            return error(id, e.code, e.getMessage());
        } catch (RefusedException e) {
            return error(id, LocalDoor.CODE_REFUSED, e.getMessage());
        } catch (AlthingException e) {
            return error(id, LocalDoor.CODE_ENVIRONMENT, e.getMessage());
        } catch (RuntimeException | JsonProcessingException e) {
            LOG.error("bug while answering {}", request.path("method"), e);
            return error(id, LocalDoor.CODE_BUG, "a bug in the node (" + e + "); report its log");
        }
    }

    private @Nullable Object call(JsonNode request) throws BadRequest, RefusedException, AlthingException {
        JsonNode id = request.get("id");
        boolean isRequest = request.isObject()
                && request.path("jsonrpc").asText().equals("2.0")
                && request.path("method").isTextual()
                && id != null
                && (id.isTextual() || id.isIntegralNumber());
        if (!isRequest) {
            throw new BadRequest(
                    LocalDoor.CODE_NO_REQUEST,
                    "a request is an object with jsonrpc \"2.0\", a method, params and an id");
        }
        String method = request.get("method").textValue();
        Parameters p = new Parameters(method, request.get("params"));
        return switch (method) {
            case "status" -> p.count(0, assembly).status();
            case "methods" -> p.count(0, assembly).methods();
            case "daos" -> p.count(0, assembly).daos();
            case "peers" -> p.count(0, assembly).peers();
            case "dao" -> p.count(1, assembly).dao(p.text(0));
            case "members" -> p.count(1, assembly).members(p.text(0));
            case "found" -> p.count(1, assembly).found(p.bytes(0));
            case "foundPrivate" -> p.count(2, assembly).foundPrivate(p.bytes(0), p.bytes(1));
            case "readingKey" -> p.count(0, assembly).readingKey();
            case "groupKeys" -> p.count(1, assembly).groupKeys(p.text(0));
            case "readingKeyOf" -> p.count(2, assembly).readingKey(p.text(0), p.text(1));
            case "send" -> {
                p.count(2, assembly).send(p.text(0), p.bytes(1));
                yield true;
            }
            case "messages" -> p.count(1, assembly).messages(p.text(0));
            case "join" ->
                p.count(4, assembly).join(new Assembly.Invite(p.text(0), p.text(1), p.height(2), p.texts(3)));
            case "invite" -> p.count(1, assembly).invite(p.text(0));
            case "authoring" -> p.count(2, assembly).authoring(p.text(0), p.text(1));
            case "submit" -> p.count(2, assembly).submit(p.bytes(0), p.number(1, Long.MAX_VALUE));
            case "submitAll" -> p.count(2, assembly).submitAll(p.byteArrays(0), p.number(1, Long.MAX_VALUE));
            case "proposals" ->
                p.count(4, assembly).proposals(p.text(0), p.textOrNull(1), (int) p.number(2, Integer.MAX_VALUE), (int)
                        p.number(3, Integer.MAX_VALUE));
            case "proposal" -> p.count(1, assembly).proposal(p.text(0));
            case "comments" -> p.count(1, assembly).comments(p.text(0));
            case "ballot" -> p.count(2, assembly).ballot(p.text(0), p.text(1));
            case "entry" -> p.count(1, assembly).entry(p.text(0));
            case "export" -> p.count(3, assembly).export(p.text(0), p.text(1), p.flag(2));
            case "durableFiles" -> p.count(0, assembly).durableFiles();
            case "seals" ->
                p.count(3, assembly)
                        .seals(p.text(0), p.number(1, Long.MAX_VALUE), (int) p.number(2, Integer.MAX_VALUE));
            case "plugins" -> p.count(0, plugins).plugins();
            case "plugins.inspect" -> p.count(1, plugins).inspect(p.bytes(0));
            case "plugins.add" -> p.count(2, plugins).add(p.bytes(0), p.text(1));
            case "plugins.remove" -> p.count(1, plugins).remove(p.text(0));
            default -> throw new BadRequest(LocalDoor.CODE_NO_METHOD, "no such method");
        };
    }

    private byte[] result(JsonNode id, @Nullable Object result) throws JsonProcessingException {
        ObjectNode answer = envelope(id);
        answer.set("result", mapper.valueToTree(result));
        return mapper.writeValueAsBytes(answer);
    }

    private byte[] error(@Nullable JsonNode id, int code, @Nullable String message) {
        ObjectNode answer = envelope(id);
        answer.putObject("error").put("code", code).put("message", message);
        try {
            return mapper.writeValueAsBytes(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("text and numbers make JSON", e);
        }
    }

    private ObjectNode envelope(@Nullable JsonNode id) {
        ObjectNode answer = mapper.createObjectNode();
        answer.put("jsonrpc", "2.0");
        boolean usable = id != null && (id.isTextual() || id.isIntegralNumber());
        answer.set("id", usable ? id : mapper.nullNode());
        return answer;
    }

    /** The parameters of a request, each checked when it is asked for. */
    private static final class Parameters {

        private final String method;
        private final @Nullable JsonNode values;

        Parameters(String method, @Nullable JsonNode values) {
            this.method = method;
            this.values = values;
        }

        <T> T count(int count, T then) throws BadRequest {
            boolean fits = values == null ? count == 0 : values.isArray() && values.size() == count;
            if (!fits) {
                throw bad("takes a list of " + count + " parameters");
            }
            return then;
        }

        private JsonNode at(int index) {
            JsonNode known = values;
            if (known == null) {
                throw new IllegalStateException("parameters are counted first");
            }
            return known.get(index);
        }

        String text(int index) throws BadRequest {
            if (!at(index).isTextual()) {
                throw bad("parameter " + index + " must be text");
            }
            return at(index).textValue();
        }

        Optional<String> textOrNull(int index) throws BadRequest {
            return at(index).isNull() ? Optional.empty() : Optional.of(text(index));
        }

        boolean flag(int index) throws BadRequest {
            if (!at(index).isBoolean()) {
                throw bad("parameter " + index + " must be true or false");
            }
            return at(index).booleanValue();
        }

        long number(int index, long max) throws BadRequest {
            JsonNode value = at(index);
            if (!value.isIntegralNumber()
                    || !value.canConvertToLong()
                    || value.longValue() < 0
                    || value.longValue() > max) {
                throw bad("parameter " + index + " must be a whole number, 0 to " + max);
            }
            return value.longValue();
        }

        /** A height, or -1 for none. */
        long height(int index) throws BadRequest {
            JsonNode value = at(index);
            boolean none = value.isIntegralNumber() && value.canConvertToLong() && value.longValue() == -1;
            return none ? -1 : number(index, Long.MAX_VALUE);
        }

        List<String> texts(int index) throws BadRequest {
            if (!at(index).isArray()) {
                throw bad("parameter " + index + " must be a list");
            }
            List<String> all = new ArrayList<>(at(index).size());
            for (JsonNode item : at(index)) {
                if (!item.isTextual()) {
                    throw bad("parameter " + index + " must be a list of texts");
                }
                all.add(item.textValue());
            }
            return all;
        }

        byte[] bytes(int index) throws BadRequest {
            return bytes(at(index), index);
        }

        List<byte[]> byteArrays(int index) throws BadRequest {
            if (!at(index).isArray()) {
                throw bad("parameter " + index + " must be a list");
            }
            List<byte[]> all = new ArrayList<>(at(index).size());
            for (JsonNode item : at(index)) {
                all.add(bytes(item, index));
            }
            return all;
        }

        private byte[] bytes(JsonNode value, int index) throws BadRequest {
            try {
                if (value.isTextual()) {
                    return Base64.getDecoder().decode(value.textValue());
                }
            } catch (IllegalArgumentException e) {
                // Told below.
            }
            throw bad("parameter " + index + " must be bytes in base64");
        }

        private BadRequest bad(String message) {
            return new BadRequest(LocalDoor.CODE_PARAMETERS, method + ": " + message);
        }
    }
}
