package dev.kite.http.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** How a session ended, for channel protocols older than the fourth: nothing for success, else the message alone. */
final class ExecStatus {
    private static final JsonFactory JSON = new JsonFactory();

    private ExecStatus() {}

    /** Turns a Status into what old clients are told. */
    static byte[] text(byte[] status) {
        String result = "";
        String message = "";
        try (JsonParser parser = JSON.createParser(status)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return status;
            }
            for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_STRING && field.equals("status")) {
                    result = parser.getText();
                } else if (value == JsonToken.VALUE_STRING && field.equals("message")) {
                    message = parser.getText();
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException notJson) {
            // Then it is text already.
            return status;
        }
        return result.equals("Success") ? new byte[0] : message.getBytes(StandardCharsets.UTF_8);
    }
}
