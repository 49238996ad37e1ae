/**
 * Tokens as JSON Web Tokens (RFC 7519): {@link io.github.robotstream.jwt.JwtTokenVerifier} checks who signed one and what
 * it allows.
 *
 * <p>A token goes through small steps in this order, and each refuses what it does not know for sure: one spelling
 * (compact form), one key and one algorithm (header), the signature, and only then what the token says (claims).
 *
 * <pre>{@code
 * RobotStreamBroker.builder().tokenVerifier(JwtTokenVerifier.hmac(secret).audience("robot-17").build());
 * }</pre>
 */
@NullMarked
package io.github.robotstream.jwt;

import org.jspecify.annotations.NullMarked;
