/**
 * Who a cluster trusts: its certificate authorities and what they issue, kubeconfigs, tokens, what a request asks for, and the rules that allow it. What security
 * needs of the API server's objects it reads through {@link dev.kite.security.StoredObjects}, which the API server offers.
 */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.security;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
