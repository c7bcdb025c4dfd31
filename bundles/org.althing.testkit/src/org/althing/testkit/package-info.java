/** Althing Test Kit. */
@org.jspecify.annotations.NullMarked
package org.althing.testkit;
