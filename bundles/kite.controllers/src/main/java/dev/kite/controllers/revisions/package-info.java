/** The history of templates, as ControllerRevisions. */
@NullMarked
package dev.kite.controllers.revisions;

import org.jspecify.annotations.NullMarked;
