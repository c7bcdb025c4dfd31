// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.List;

/** The services of the bundles below, looked up only when a command needs one. */
public interface Services {

    /**
     * The service of this type.
     *
     * @param purpose what it is for, in the words of the message if it is missing
     */
    <T> T require(Class<T> type, String purpose) throws Failure;

    /** All services of this type that are there now; perhaps none. */
    <T> List<T> all(Class<T> type);
}
