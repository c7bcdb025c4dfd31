// SPDX-License-Identifier: EPL-2.0
// A js-libp2p node that a test drives: by the commands below (see commands.mjs).
//   {"do":"start","early":true}                       listens on the loopback; its addresses. early: settle the muxer in the handshake
//   {"do":"dial","address":".."}                      the peer id that answered
//   {"do":"ping","peer":".."}                         milliseconds
//   {"do":"identity","peer":".."}                     {"agent":..,"protocols":[..],"certified":[..]} once that peer has been identified
//   {"do":"send","peer":"..","frames":..,"size":..}   so many frames to /test/sink/1; what it says of them
//   {"do":"fetch","peer":"..","frames":..,"size":..}  so many frames from /test/source/1; what we say of them
//   {"do":"hangup","peer":".."}
// It answers /test/sink/1 (says how many frames came, their bytes and SHA-256) and /test/source/1 (sends as many as it is asked for).
// Ends with its input. Usage: node libp2p-peer.mjs
import { createHash } from 'node:crypto'
import { identify, identifyPush } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { peerIdFromString } from '@libp2p/peer-id'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { lpStream } from '@libp2p/utils'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { serve } from './commands.mjs'

const SINK = '/test/sink/1'
const SOURCE = '/test/source/1'
const FRAME_MAX_BYTES = 8 * 1024 * 1024
const IDENTIFIED_MILLIS_MAX = 10_000

let node

// js-libp2p gives windows before its reader has taken what came, and resets a stream whose buffer is full.
const BUFFER_MAX_BYTES = 256 * 1024 * 1024

const lp = stream => lpStream(stream, { maxDataLength: FRAME_MAX_BYTES, maxBufferSize: BUFFER_MAX_BYTES })
const text = value => new TextEncoder().encode(JSON.stringify(value))
const parse = frame => JSON.parse(new TextDecoder().decode(frame.subarray()))
// Frame i of a transfer is filled with the byte i.
const frame = (i, size) => new Uint8Array(size).fill(i & 0xff)

async function drain (frames, count) {
  const hash = createHash('sha256')
  let bytes = 0
  for (let i = 0; i < count; i++) {
    const next = (await frames.read()).subarray()
    bytes += next.byteLength
    hash.update(next)
  }
  return { frames: count, bytes, sha256: hash.digest('hex') }
}

async function pour (frames, count, size) {
  for (let i = 0; i < count; i++) {
    await frames.write(frame(i, size))
  }
}

const commands = {
  async start ({ early = true }) {
    const encrypter = noise()
    node = await createLibp2p({
      addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
      transports: [tcp()],
      connectionEncrypters: [early
        ? encrypter
        : components => {
          const plain = encrypter(components)
          const never = options => ({ ...options, skipStreamMuxerNegotiation: true })
          return new Proxy(plain, {
            get: (target, name) => name === 'secureInbound' || name === 'secureOutbound'
              ? (connection, options) => target[name](connection, never(options))
              : Reflect.get(target, name, target)
          })
        }],
      streamMuxers: [yamux({ streamOptions: { maxReadBufferLength: BUFFER_MAX_BYTES } })],
      services: { identify: identify(), identifyPush: identifyPush(), ping: ping() },
      connectionMonitor: { enabled: false }
    })
    await node.handle(SINK, async stream => {
      const frames = lp(stream)
      const { frames: count } = parse(await frames.read())
      await frames.write(text(await drain(frames, count)))
      await stream.close()
    })
    await node.handle(SOURCE, async stream => {
      const frames = lp(stream)
      const { frames: count, size } = parse(await frames.read())
      await pour(frames, count, size)
      await stream.close()
    })
    return node.getMultiaddrs().map(String)
  },

  async dial ({ address }) {
    return (await node.dial(multiaddr(address))).remotePeer.toString()
  },

  async ping ({ peer }) {
    return node.services.ping.ping(peerIdFromString(peer))
  },

  async identity ({ peer }) {
    const id = peerIdFromString(peer)
    for (const end = Date.now() + IDENTIFIED_MILLIS_MAX; Date.now() < end;) {
      const known = await node.peerStore.get(id).catch(() => undefined)
      if (known?.metadata.has('AgentVersion')) {
        return {
          agent: new TextDecoder().decode(known.metadata.get('AgentVersion')),
          protocols: known.protocols,
          certified: known.addresses.filter(address => address.isCertified).map(address => address.multiaddr.toString())
        }
      }
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    throw new Error('not identified')
  },

  async send ({ peer, frames: count, size }) {
    const stream = await node.dialProtocol(peerIdFromString(peer), SINK)
    const frames = lp(stream)
    await frames.write(text({ frames: count }))
    await pour(frames, count, size)
    const said = parse(await frames.read())
    await stream.close()
    return said
  },

  async fetch ({ peer, frames: count, size }) {
    const stream = await node.dialProtocol(peerIdFromString(peer), SOURCE)
    const frames = lp(stream)
    await frames.write(text({ frames: count, size }))
    const said = await drain(frames, count)
    await stream.close()
    return said
  },

  async hangup ({ peer }) {
    await node.hangUp(peerIdFromString(peer))
    return true
  }
}

await serve(commands)
await node?.stop()
process.exit(0)
