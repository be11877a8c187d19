/** What a new cluster holds from its first moment on, and the component that puts the parts together. */
@NullMarked
package dev.kite.apiserver.bootstrap;

import org.jspecify.annotations.NullMarked;
