/** StatefulSets: pods with names and volumes of their own. */
@NullMarked
package dev.kite.controllers.stateful;

import org.jspecify.annotations.NullMarked;
