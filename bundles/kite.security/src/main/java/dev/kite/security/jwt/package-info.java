/** Tokens of other issuers: OpenID Connect (--oidc-*) and AuthenticationConfiguration. */
@NullMarked
package dev.kite.security.jwt;

import org.jspecify.annotations.NullMarked;
