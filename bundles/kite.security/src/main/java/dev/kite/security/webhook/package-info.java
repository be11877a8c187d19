/** Authorization by other servers, and the order in which authorizers are asked (--authorization-*, AuthorizationConfiguration). */
@NullMarked
package dev.kite.security.webhook;

import org.jspecify.annotations.NullMarked;
