package io.github.robotstream.examples;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

/** An identity provider: a key, of which the robot gets the public half in a file, and tokens signed with it. */
final class IssuerKey {
    private final ECKey key;

    IssuerKey() {
        try {
            key = new ECKeyGenerator(Curve.P_256)
                    .keyID("1")
                    .algorithm(JWSAlgorithm.ES256)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes its JWK set; the name of the file. */
    String publicFile(Path folder) throws IOException {
        return write(folder, new JWKSet(key.toPublicJWK()).toString());
    }

    /** Writes a set that holds the private half, too. */
    String privateFile(Path folder) throws IOException {
        return write(folder, new JWKSet(key).toString(false));
    }

    private static String write(Path folder, String set) throws IOException {
        return Files.writeString(folder.resolve("keys.json"), set).toString();
    }

    /** The private half, as it stands in a set. */
    String secret() {
        return key.getD().toString();
    }

    /** A token that is good for ten minutes, for an application of the provider's. */
    @SuppressWarnings("JavaUtilDate") // the JWT library takes no other
    String token(String application, List<String> subscribe, List<String> publish) throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .subject("operator-3")
                        .audience(application)
                        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                        .claim("topics", Map.of("subscribe", subscribe, "publish", publish))
                        .build());
        jwt.sign(new ECDSASigner(key));
        return jwt.serialize();
    }
}
