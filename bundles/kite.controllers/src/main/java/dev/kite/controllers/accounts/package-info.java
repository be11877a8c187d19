/** Default service accounts and the cluster's CA in each namespace. */
@NullMarked
package dev.kite.controllers.accounts;

import org.jspecify.annotations.NullMarked;
