/** What other systems need to verify service account tokens, as OpenID Connect publishes it. */
@NullMarked
package dev.kite.security.openid;

import org.jspecify.annotations.NullMarked;
