// SPDX-License-Identifier: EPL-2.0
// Asks the npm packages of IPLD for their opinion of our bytes, and gives theirs for ours.
//
//   node crosscheck.mjs IN OUT [SEED]
//
// Both files have one value a line, fields parted by spaces, bytes in hexadecimal ('-' for none):
//   cbor BLOCK CID
//   hamt ROOT KEY VALUE KEY VALUE ...
//   car FILE ROOT CID CID ...
// Every line of IN is read, written again and compared; lines of its own go to OUT. Exit code 1 names the first line
// on which the two disagree.
import { readFileSync, writeFileSync } from 'node:fs'
import { CarReader, CarWriter } from '@ipld/car'
import * as dagCbor from '@ipld/dag-cbor'
import { create } from 'ipld-hashmap'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'

const VALUES = 500
const MAPS = 20
const FILES = 20

const [input, output, seed = '1'] = process.argv.slice(2)

const hex = bytes => Buffer.from(bytes).toString('hex') || '-'
const unhex = text => new Uint8Array(text === '-' ? 0 : Buffer.from(text, 'hex'))
const nameOf = async (block, codec = dagCbor.code) => CID.createV1(codec, await sha256.digest(block))

function same (what, theirs, ours) {
  if (theirs !== ours) {
    throw new Error(`${what}: npm says ${theirs}, we say ${ours}`)
  }
}

const readers = {
  async cbor (block, cid) {
    const bytes = unhex(block)
    same('block', hex(dagCbor.encode(dagCbor.decode(bytes))), block)
    same('CID', (await nameOf(bytes)).toString(), cid)
    same('binary CID', CID.decode(CID.parse(cid).bytes).toString(), cid)
  },

  async hamt (root, ...entries) {
    const map = await emptyMap()
    for (let i = 0; i < entries.length; i += 2) {
      await map.set(unhex(entries[i]), dagCbor.decode(unhex(entries[i + 1])))
    }
    same('root', map.cid.toString(), root)
  },

  async car (file, root, ...cids) {
    const reader = await CarReader.fromBytes(unhex(file))
    same('roots', (await reader.getRoots()).join(), root)
    const names = []
    for await (const { cid, bytes } of reader.blocks()) {
      same('block', (await nameOf(bytes, cid.code)).toString(), cid.toString())
      names.push(cid.toString())
    }
    same('blocks', names.join(), cids.join())
  }
}

async function emptyMap () {
  const blocks = new Map()
  const loader = {
    get: async cid => blocks.get(cid.toString()),
    put: async (cid, bytes) => { blocks.set(cid.toString(), bytes) }
  }
  return create(loader, { blockCodec: dagCbor, blockHasher: sha256, bitWidth: 5, bucketSize: 3 })
}

// xorshift32: a run is repeated by its seed.
let state = Number(seed) >>> 0 || 1
function random (bound) {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  state >>>= 0
  return state % bound
}

const randomBytes = max => Uint8Array.from({ length: random(max + 1) }, () => random(256))
const randomText = () => ['', 'a', 'dao', 'é', '日本', '😀', '\u0000', 'x'.repeat(30)][random(8)] + (random(2) ? random(1000) : '')

function randomInteger () {
  let value = 0n
  for (let bits = random(65); bits > 0; bits--) {
    value = value << 1n | BigInt(random(2))
  }
  value = random(2) ? value : -1n - value
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

async function randomValue (depth) {
  switch (random(depth > 4 ? 6 : 8)) {
    case 0: return randomInteger()
    case 1: return randomBytes(random(10) ? 30 : 300)
    case 2: return randomText()
    case 3: return random(2) === 0
    case 4: return null
    case 5: return nameOf(randomBytes(4), random(2) ? dagCbor.code : raw.code)
    case 6: return Promise.all(Array.from({ length: random(5) }, () => randomValue(depth + 1)))
    default: {
      const map = {}
      for (let i = random(6); i > 0; i--) {
        map[randomText()] = await randomValue(depth + 1)
      }
      return map
    }
  }
}

async function cborLine () {
  const block = dagCbor.encode(await randomValue(0))
  return ['cbor', hex(block), await nameOf(block)]
}

async function hamtLine () {
  const map = await emptyMap()
  for (let i = random(300); i > 0; i--) {
    // The schema check of ipld-hashmap knows no BigInt, so values of maps have small integers only.
    await map.set(randomBytes(40), [random(1000000), randomText(), randomBytes(30), random(2) === 0, null])
  }
  const line = ['hamt', map.cid]
  for await (const [key, value] of map.entriesRaw()) {
    line.push(hex(key), hex(dagCbor.encode(value)))
  }
  return line
}

async function carLine () {
  const blocks = []
  for (let i = 1 + random(10); i > 0; i--) {
    const codec = random(2) ? dagCbor.code : raw.code
    const bytes = codec === raw.code ? randomBytes(300) : dagCbor.encode(await randomValue(0))
    blocks.push({ cid: await nameOf(bytes, codec), bytes })
  }
  const { writer, out } = CarWriter.create([blocks[0].cid])
  const chunks = []
  const written = (async () => { for await (const chunk of out) chunks.push(chunk) })()
  for (const block of blocks) {
    await writer.put(block)
  }
  await writer.close()
  await written
  return ['car', hex(Buffer.concat(chunks)), blocks[0].cid, ...blocks.map(block => block.cid)]
}

const lines = readFileSync(input, 'utf8').split('\n').filter(line => line)
for (const [i, line] of lines.entries()) {
  const [kind, ...fields] = line.split(' ')
  try {
    await readers[kind](...fields)
  } catch (e) {
    console.error(`line ${i + 1} (${kind}): ${e.message}`)
    process.exit(1)
  }
}

const own = []
for (const [make, count] of [[cborLine, VALUES], [hamtLine, MAPS], [carLine, FILES]]) {
  for (let i = 0; i < count; i++) {
    own.push((await make()).join(' '))
  }
}
writeFileSync(output, own.join('\n') + '\n')
console.log(`agreed on ${lines.length} values, wrote ${own.length}`)
