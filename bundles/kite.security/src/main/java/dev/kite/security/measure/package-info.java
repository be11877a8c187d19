/** What security measures, under kube-apiserver's names. */
@NullMarked
package dev.kite.security.measure;

import org.jspecify.annotations.NullMarked;
