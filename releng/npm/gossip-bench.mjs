// SPDX-License-Identifier: EPL-2.0
// A js-libp2p gossipsub node that `althing bench gossip` measures, driven by the commands below (see commands.mjs). Ours understands the same.
//   {"do":"start","topic":"..","number":0,"of":2}  listens on the loopback, joins the topic; its addresses
//   {"do":"dial","address":".."}
//   {"do":"meshed"}                                how many peers its mesh has
//   {"do":"begin","window":64}                     forgets its figures; so many messages of its own are now under way, and each that comes
//                                                  from the node before it in the ring is answered by one more
//   {"do":"pace","perSecond":100,"count":500}      so many messages of its own, evenly
//   {"do":"end"}                                   no more; what came since: {"received":..,"invalid":..,"micros":[..]}
// A message has 300 bytes: number of the node and of the message, 4 each, when it was published, 8 in nanoseconds of a clock that all
// processes of a machine share, 220 that are signed, and their Ed25519 signature. StrictNoSign, scores, one signature check a message.
import { createPublicKey, createPrivateKey, sign, verify } from 'node:crypto'
import { TopicValidatorResult } from '@libp2p/gossipsub'
import { multiaddr } from '@multiformats/multiaddr'
import { serve } from './commands.mjs'
import { gossipNode } from './gossip-node.mjs'

const MESSAGE_BYTES = 300
const SIGNATURE_BYTES = 64
const STAMP_BYTES = 16
const SAMPLES_MAX = 50_000

const seed = Buffer.alloc(32, 5)
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8'
})
const publicKey = createPublicKey(privateKey)

let node
let topic
let number
let before
let sequence = 0
let answering = false
let received = 0
let invalid = 0
let micros = []
const template = Buffer.alloc(MESSAGE_BYTES, '.')
sign(null, template.subarray(STAMP_BYTES, MESSAGE_BYTES - SIGNATURE_BYTES), privateKey)
  .copy(template, MESSAGE_BYTES - SIGNATURE_BYTES)

// In the threads of Node.js: in its main thread it would do two thirds of the messages.
function check (data) {
  const signed = data.subarray(STAMP_BYTES, MESSAGE_BYTES - SIGNATURE_BYTES)
  const signature = data.subarray(MESSAGE_BYTES - SIGNATURE_BYTES)
  return new Promise((resolve, reject) =>
    verify(null, signed, publicKey, signature, (failure, good) => failure ? reject(failure) : resolve(good)))
}

function publish () {
  const data = Buffer.from(template)
  data.writeUInt32BE(number, 0)
  data.writeUInt32BE(sequence++, 4)
  data.writeBigInt64BE(process.hrtime.bigint(), 8)
  node.services.pubsub.publish(topic, data).catch(failure => console.error(failure))
}

function accepted (data) {
  received++
  const view = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  if (micros.length < SAMPLES_MAX) {
    micros.push(Number((process.hrtime.bigint() - view.readBigInt64BE(8)) / 1000n))
  }
  if (answering && view.readUInt32BE(0) === before) {
    publish()
  }
}

const commands = {
  async start (command) {
    ({ topic, number } = command)
    before = (number + command.of - 1) % command.of
    node = await gossipNode()
    const pubsub = node.services.pubsub
    pubsub.topicValidators.set(topic, async (peer, message) => {
      if (await check(message.data)) {
        return TopicValidatorResult.Accept
      }
      invalid++
      return TopicValidatorResult.Reject
    })
    pubsub.addEventListener('message', event => accepted(event.detail.data))
    pubsub.subscribe(topic)
    return node.getMultiaddrs().map(String)
  },

  async dial ({ address }) {
    return (await node.dial(multiaddr(address))).remotePeer.toString()
  },

  async meshed () {
    return node.services.pubsub.getMeshPeers(topic).length
  },

  async begin ({ window }) {
    received = 0
    invalid = 0
    micros = []
    answering = window > 0
    for (let i = 0; i < window; i++) {
      publish()
    }
  },

  async pace ({ perSecond, count }) {
    const start = process.hrtime.bigint()
    const between = 1_000_000_000n / BigInt(perSecond)
    for (let i = 0n; i < count; i++) {
      const millis = Number(start + i * between - process.hrtime.bigint()) / 1e6
      if (millis > 0) {
        await new Promise(resolve => setTimeout(resolve, millis))
      }
      publish()
    }
  },

  async end () {
    answering = false
    return { received, invalid, micros }
  }
}

await serve(commands)
await node?.stop()
process.exit(0)
