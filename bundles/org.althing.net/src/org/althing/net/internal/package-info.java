// SPDX-License-Identifier: EPL-2.0
/**
 * A libp2p host. The protocols are state machines without I/O: {@link org.althing.net.internal.Multistream},
 * {@link org.althing.net.internal.NoiseHandshake}, {@link org.althing.net.internal.Upgrade} over them, {@link org.althing.net.internal.Yamux},
 * {@link org.althing.net.internal.FrameReader}; {@link org.althing.net.internal.ConnectionManager} decides whom to let in and to dial.
 * {@link org.althing.net.internal.LibP2pHost} and {@link org.althing.net.internal.Connection} are the shell around them, on Netty.
 */
@NullMarked
package org.althing.net.internal;

import org.jspecify.annotations.NullMarked;
