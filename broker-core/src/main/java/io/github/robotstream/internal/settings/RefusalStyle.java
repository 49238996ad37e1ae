package io.github.robotstream.internal.settings;

/** How a client is told that it does not get in, if it has asked for a WebSocket in a proper way. Other requests always get a status. */
public enum RefusalStyle {
    /** Requests with an {@code Origin} by close code, since browsers hide statuses from their scripts; others by HTTP status. */
    FITTING,
    /** By an HTTP status before the WebSocket is opened: 401, 403, 429, 503. */
    HTTP_STATUS,
    /** By the close code of a WebSocket that is opened and closed at once: 4401, 4403, 4429, 1013. */
    CLOSE_CODE
}
