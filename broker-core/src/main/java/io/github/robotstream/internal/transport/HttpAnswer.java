package io.github.robotstream.internal.transport;

import java.nio.charset.StandardCharsets;

/**
 * The answer to a request that is not upgraded; the connection ends with it.
 *
 * @param extraHeader a header line, or empty
 * @param message goes to the client in a JSON body of one line; a constant text without anything to escape
 */
record HttpAnswer(int status, String phrase, String extraHeader, String message) {
    static final HttpAnswer MALFORMED = new HttpAnswer(400, "Bad Request", "", "not a request this server understands");
    static final HttpAnswer NOT_FOUND = new HttpAnswer(404, "Not Found", "", "nothing is served at this path");
    static final HttpAnswer NOT_GET = new HttpAnswer(405, "Method Not Allowed", "Allow: GET", "only GET is served");
    static final HttpAnswer NO_UPGRADE =
            new HttpAnswer(426, "Upgrade Required", "Upgrade: websocket", "only WebSocket is served at this path");
    static final HttpAnswer WRONG_VERSION = new HttpAnswer(
            426, "Upgrade Required", "Sec-WebSocket-Version: 13", "only version 13 of WebSocket is served");
    static final HttpAnswer TOO_LARGE =
            new HttpAnswer(431, "Request Header Fields Too Large", "", "the head of the request is larger than 24 KiB");

    byte[] bytes() {
        String body = "{\"status\":" + status + ",\"message\":\"" + message + "\"}\n";
        return ("HTTP/1.1 " + status + " " + phrase + "\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        + (extraHeader.isEmpty() ? "" : extraHeader + "\r\n")
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
