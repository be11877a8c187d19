/** Role based access control: rules, which are pure values, the index of who has which, and the authorizer that asks it. */
@NullMarked
package dev.kite.security.rbac;

import org.jspecify.annotations.NullMarked;
