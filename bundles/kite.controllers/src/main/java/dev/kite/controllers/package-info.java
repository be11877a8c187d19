/** The controller manager's loops: one starts and ends them all. */
@NullMarked
package dev.kite.controllers;

import org.jspecify.annotations.NullMarked;
