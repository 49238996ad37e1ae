package io.github.robotstream.jwt;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens, good ones and such as no honest library would make, with the JDK alone. */
public final class TokenForge {
    static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

    private final byte[] secret;
    private final String mac;

    private TokenForge(byte[] secret, String mac) {
        this.secret = secret;
        this.mac = mac;
    }

    /** A forge that signs with {@code HmacSHA256} or another MAC of the JDK. */
    public static TokenForge with(byte[] secret, String mac) {
        return new TokenForge(secret, mac);
    }

    /** A token with the usual header. */
    public String token(String claims) {
        return token(HEADER, claims);
    }

    String token(String header, String claims) {
        return token(bytes(header), bytes(claims));
    }

    String token(byte[] header, byte[] claims) {
        return sign(base64Url(header) + "." + base64Url(claims));
    }

    /** Signs two parts as they stand, however they are spelt. */
    String sign(String headerAndClaims) {
        try {
            Mac hmac = Mac.getInstance(mac);
            hmac.init(new SecretKeySpec(secret, mac));
            return headerAndClaims + "." + base64Url(hmac.doFinal(bytes(headerAndClaims)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String base64Url(String text) {
        return base64Url(bytes(text));
    }
}
