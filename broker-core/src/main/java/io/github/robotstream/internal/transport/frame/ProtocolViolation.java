package io.github.robotstream.internal.transport.frame;

/** The client broke a rule that ends its connection. Carries the close code; has no stack trace, as it is not a fault of ours. */
final class ProtocolViolation extends Exception {
    private static final long serialVersionUID = 1L;

    private final int closeCode;

    /**
     * Names the rule that was broken.
     *
     * @param reason goes to the client; never holds what the client sent
     */
    ProtocolViolation(int closeCode, String reason) {
        super(reason, null, false, false);
        this.closeCode = closeCode;
    }

    int closeCode() {
        return closeCode;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
