// SPDX-License-Identifier: EPL-2.0
// A js-libp2p gossipsub node that a test drives: by the commands below (see commands.mjs).
//   {"do":"start","topic":"..","meshMax":12}  listens on the loopback, joins the topic; its addresses. With more in its mesh it prunes one and
//                                             tells it of the others (peer exchange)
//   {"do":"dial","address":".."}              the peer id that answered
//   {"do":"meshed"}                           how many peers its mesh has
//   {"do":"publish","word":..,"count":..}     so many messages of 300 bytes, each beginning with that word and a number
//   {"do":"counts"}                           how many different messages came, by their first word
//   {"do":"score","peer":".."}                what it thinks of a peer
//   {"do":"favour","peer":".."}               thinks better of a peer than of others, and keeps it in its mesh
// StrictNoSign; the id of a message is SHA-256 of topic and data. Ends with its input. Usage: node gossip-peer.mjs
import { multiaddr } from '@multiformats/multiaddr'
import { serve } from './commands.mjs'
import { gossipNode } from './gossip-node.mjs'

const MESSAGE_BYTES = 300

let node
let topic
const heard = new Set()
const favoured = new Set()

const commands = {
  async start (command) {
    topic = command.topic
    node = await gossipNode({
      scoreParams: { appSpecificScore: peer => favoured.has(peer) ? 1 : 0, appSpecificWeight: 1 },
      doPX: true,
      ...(command.meshMax < 6 ? { D: command.meshMax, Dlo: 1, Dscore: 1, Dout: 0 } : {}),
      Dhi: command.meshMax
    })
    node.services.pubsub.addEventListener('message', event => {
      heard.add(new TextDecoder().decode(event.detail.data))
    })
    node.services.pubsub.subscribe(topic)
    return node.getMultiaddrs().map(String)
  },

  async dial ({ address }) {
    return (await node.dial(multiaddr(address))).remotePeer.toString()
  },

  async meshed () {
    return node.services.pubsub.getMeshPeers(topic).length
  },

  async publish ({ word, count }) {
    for (let i = 0; i < count; i++) {
      await node.services.pubsub.publish(topic, new TextEncoder().encode(`${word} ${i} `.padEnd(MESSAGE_BYTES, '.')))
    }
    return count
  },

  async counts () {
    const counts = {}
    for (const text of heard) {
      const word = text.split(' ')[0]
      counts[word] = (counts[word] ?? 0) + 1
    }
    return counts
  },

  async favour ({ peer }) {
    favoured.add(peer)
    return true
  },

  async score ({ peer }) {
    return node.services.pubsub.score.score(peer)
  }
}

await serve(commands)
await node?.stop()
process.exit(0)
