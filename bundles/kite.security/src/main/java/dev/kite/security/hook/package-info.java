/** Asking other servers over HTTPS, with bounds on everything: webhooks, and issuers' documents. */
@NullMarked
package dev.kite.security.hook;

import org.jspecify.annotations.NullMarked;
