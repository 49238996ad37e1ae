package io.github.robotstream.internal.transport;

/**
 * Why a client is not let in, in both languages: HTTP for what is refused before the upgrade, a close frame for what is refused after it.
 * This transport always upgrades first and closes with {@code closeCode} and {@code reason}.
 *
 * @param httpStatus the status of the HTTP answer, 400 to 599
 * @param closeCode the close code, one that may be sent (RFC 6455 section 7.4)
 * @param reason goes to the client, so it holds no secret; begins with a code word; more than 123 bytes of UTF-8 are cut at the border of
 *     a character (RFC 6455 section 5.5)
 */
public record Refusal(int httpStatus, int closeCode, String reason) {

    public Refusal {
        if (httpStatus < 400 || httpStatus > 599) {
            throw new IllegalArgumentException("httpStatus is " + httpStatus + ": a refusal has one of 400 to 599");
        }
        CloseCode.requireSendable(closeCode);
    }
}
