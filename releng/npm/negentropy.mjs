// SPDX-License-Identifier: EPL-2.0
// The Negentropy V1 of npm package @nostr-dev-kit/sync, spoken to in lines; bytes in hexadecimal.
//
//   set TIME:ID TIME:ID ...    replaces the set              -> ok
//   initiate FRAME_SIZE_MAX    begins a reconciliation       -> MESSAGE
//   next MESSAGE               goes on with an answer        -> MESSAGE or -, then the ids that it has and those that it needs
//   respond FRAME_SIZE_MAX MESSAGE                           -> MESSAGE
// A frame size of 0 is none. What fails is answered with "error REASON".
import { register } from 'node:module'
import { createInterface } from 'node:readline'

// The package wants a whole Nostr client beside it, of which reconciliation needs nothing: names without a meaning will do.
const NAMES = ['NDKRelaySet', 'NDKSubscriptionCacheUsage', 'NDKEvent', 'NDKSubscription', 'fetchRelayInformation']
const client = 'data:text/javascript,' + encodeURIComponent(NAMES.map(name => `export const ${name} = undefined`).join('\n'))
register('data:text/javascript,' + encodeURIComponent(`export async function resolve (name, context, next) {
  return name === '@nostr-dev-kit/ndk' ? { url: ${JSON.stringify(client)}, shortCircuit: true } : next(name, context)
}`))
const { Negentropy, NegentropyStorage } = await import('@nostr-dev-kit/sync')

const hex = bytes => Buffer.from(bytes).toString('hex')
const unhex = text => new Uint8Array(Buffer.from(text, 'hex'))

let storage = new NegentropyStorage()
let initiator

const commands = {
  set (...items) {
    storage = new NegentropyStorage()
    for (const item of items) {
      const [time, id] = item.split(':')
      storage.insert(Number(time), unhex(id))
    }
    storage.seal()
    return 'ok'
  },

  async initiate (frameSizeMax) {
    initiator = new Negentropy(storage, Number(frameSizeMax))
    return hex(await initiator.initiate())
  },

  async next (message) {
    const { nextMessage, have, need } = await initiator.reconcile(unhex(message))
    return [nextMessage ? hex(nextMessage) : '-', have.map(hex).join(',') || '-', need.map(hex).join(',') || '-'].join(' ')
  },

  async respond (frameSizeMax, message) {
    const { nextMessage } = await new Negentropy(storage, Number(frameSizeMax)).reconcile(unhex(message))
    return hex(nextMessage)
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const [command, ...fields] = line.split(' ').filter(field => field)
  try {
    console.log(await commands[command](...fields))
  } catch (e) {
    console.log(`error ${e.message}`)
  }
}
