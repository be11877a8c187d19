/** What is changed and refused after authorization and before validation, in order, a rule a class. */
@NullMarked
package dev.kite.apiserver.admission;

import org.jspecify.annotations.NullMarked;
