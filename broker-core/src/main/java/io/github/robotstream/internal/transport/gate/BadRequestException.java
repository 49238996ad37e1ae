package io.github.robotstream.internal.transport.gate;

/** A request whose head is refused, and what is answered. The message holds nothing of the request. */
public final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient HttpAnswer answer;

    /** It can be understood in two ways, or in none. */
    BadRequestException(String what) {
        this(what, HttpAnswer.malformed(what));
    }

    BadRequestException(String what, HttpAnswer answer) {
        super(what, null, false, false);
        this.answer = answer;
    }

    public HttpAnswer answer() {
        return answer;
    }
}
