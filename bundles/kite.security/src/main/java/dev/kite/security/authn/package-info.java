/** Finding out who asks: client certificates, front proxies, bearer tokens. */
@NullMarked
package dev.kite.security.authn;

import org.jspecify.annotations.NullMarked;
