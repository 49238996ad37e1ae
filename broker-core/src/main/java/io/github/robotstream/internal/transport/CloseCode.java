package io.github.robotstream.internal.transport;

/** The close codes in use (RFC 6455 section 7.4.1, and 4400 to 4499 of our own), and what a client does about each. */
public final class CloseCode {
    /** Nothing is left to do. The client stops. */
    public static final int NORMAL = 1000;
    /** The broker closes. The client comes back with back-off and jitter. */
    public static final int GOING_AWAY = 1001;
    /** The client broke the WebSocket protocol. It stops. */
    public static final int PROTOCOL_ERROR = 1002;
    /** Never sent: a close frame came without a code. */
    public static final int NO_STATUS = 1005;
    /** Never sent: the socket ended without a close frame. */
    public static final int ABNORMAL = 1006;
    /** Text that is not UTF-8. The client stops. */
    public static final int INVALID_UTF8 = 1007;
    /** Against the rules, repeated bad requests. The client stops. */
    public static final int POLICY_VIOLATION = 1008;
    /** A message that is larger than agreed. The client stops. */
    public static final int MESSAGE_TOO_BIG = 1009;
    /** A fault of the broker. The client comes back. */
    public static final int INTERNAL_ERROR = 1011;
    /** The broker is overloaded or full. The client comes back after the delay in the reason. */
    public static final int OVERLOADED = 1013;
    /** The token is missing, invalid or expired: the reason begins with which. The client gets a new one and comes back. */
    public static final int UNAUTHORIZED = 4401;
    /** Disconnected or refused by the robot. The client stops. */
    public static final int FORBIDDEN = 4403;
    /** The client is silent or does not read. It comes back. */
    public static final int TIMED_OUT = 4408;
    /** Replaced by a newer session of the same subject. The client stops. */
    public static final int REPLACED = 4409;
    /**
     * Too many connections, open or new, or failed attempts of one address: the client comes back after the delay in the reason. Or it
     * reads too slowly for a subscription that is to lose nothing: it comes back and resumes.
     */
    public static final int TOO_MANY = 4429;

    private CloseCode() {}

    /** Whether a peer that has ended a connection with this code said so by a close frame, and not for a fault of the broker. */
    public static boolean isGoodbye(int code) {
        return code == NORMAL || code == GOING_AWAY || code == NO_STATUS;
    }

    /** Whether the code may stand in a close frame (RFC 6455 sections 7.4.1 and 7.4.2, and the IANA registry up to 1014). */
    public static boolean isSendable(int code) {
        return (code >= 1000 && code <= 1014 && code != 1004 && code != NO_STATUS && code != ABNORMAL)
                || (code >= 3000 && code <= 4999);
    }

    public static int requireSendable(int code) {
        if (!isSendable(code)) {
            throw new IllegalArgumentException("close code " + code
                    + " may not be sent: use one of 1000 to 1014 (but 1004 to 1006) or 3000 to 4999");
        }
        return code;
    }
}
