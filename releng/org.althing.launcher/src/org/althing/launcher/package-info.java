/**
 * Starts the framework and runs the one application in it. On the class path, not a participant: the framework sees
 * this bundle but nothing imports it.
 */
@org.jspecify.annotations.NullMarked
package org.althing.launcher;
