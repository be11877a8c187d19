/** X.509 certificates and their files: a small DER writer and reader instead of a 9 MB library, checked against openssl by its tests. */
@NullMarked
package dev.kite.security.pki;

import org.jspecify.annotations.NullMarked;
