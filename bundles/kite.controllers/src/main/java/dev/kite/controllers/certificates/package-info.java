/** CertificateSigningRequests: approved for kubelets, signed, and forgotten when they are old. */
@NullMarked
package dev.kite.controllers.certificates;

import org.jspecify.annotations.NullMarked;
