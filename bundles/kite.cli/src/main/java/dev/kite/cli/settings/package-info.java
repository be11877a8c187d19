/** From flags, environment and files to settings, by k3s's rules. */
@NullMarked
package dev.kite.cli.settings;

import org.jspecify.annotations.NullMarked;
