// SPDX-License-Identifier: EPL-2.0
// A js-libp2p node on the loopback with the gossipsub that ours speaks: StrictNoSign; the id of a message is SHA-256 of topic and data.
import { createHash } from 'node:crypto'
import { gossipsub } from '@libp2p/gossipsub'
import { identify, identifyPush } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'

// scoreParams and others: further settings of gossipsub
export function gossipNode ({ scoreParams, ...others } = {}) {
  return createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: {
      identify: identify(),
      identifyPush: identifyPush(),
      ping: ping(),
      pubsub: gossipsub({
        globalSignaturePolicy: 'StrictNoSign',
        allowPublishToZeroTopicPeers: true,
        msgIdFn: message => createHash('sha256').update(message.topic).update(message.data).digest(),
        // Its own score on, but many peers of one address are what a loopback has.
        scoreParams: { IPColocationFactorWhitelist: new Set(['127.0.0.1']), ...scoreParams },
        ...others
      })
    }
  })
}
