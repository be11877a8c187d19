/** Reading and writing kubeconfigs. */
@NullMarked
package dev.kite.security.kubeconfig;

import org.jspecify.annotations.NullMarked;
