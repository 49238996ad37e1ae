package io.github.robotstream.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens signed with a shared secret (RFC 7519, RFC 7515 with HS256), as an operator's tool makes them. */
public final class Tokens {
    private final byte[] secret;

    public Tokens(byte[] secret) {
        this.secret = secret.clone();
    }

    /** A token that ends after so long; before now if that is negative. */
    public String endingIn(Duration time, String subject) {
        long end = Instant.now().plus(time).getEpochSecond();
        return signed("{\"sub\":\"" + subject + "\",\"exp\":" + end + "}");
    }

    /** A token of any claims, a JSON object. */
    public String signed(String claims) {
        String text =
                base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return text + "." + base64(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
