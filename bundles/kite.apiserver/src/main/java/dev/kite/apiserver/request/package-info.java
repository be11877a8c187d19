/** What a request asks for, how its body is read and its answer written, and Kubernetes' Status for what goes wrong. */
@NullMarked
package dev.kite.apiserver.request;

import org.jspecify.annotations.NullMarked;
