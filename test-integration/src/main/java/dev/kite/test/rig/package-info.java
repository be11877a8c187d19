/** The rig: hosts as network namespaces, the packaged product on them, kubectl beside them; whatever happens, all of it is taken down. */
@NullMarked
package dev.kite.test.rig;

import org.jspecify.annotations.NullMarked;
