/** Which promises tests hold: an annotation, and a listener that writes them down for the report. Thread-safe. */
package dev.kite.behaviour;
