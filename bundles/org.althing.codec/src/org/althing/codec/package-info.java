// SPDX-License-Identifier: EPL-2.0
/**
 * The bytes that everyone must agree on: canonical DAG-CBOR, CAR files, Merkle trees, hash maps and signatures.
 *
 * <p>Whatever is accepted here is accepted by every node, and whatever is written here is written alike by every node.
 */
@NullMarked
package org.althing.codec;

import org.jspecify.annotations.NullMarked;
