// Floor: the least a Node server can do with a POST: read the body, drop it, answer. Prints its port.
import { createServer } from 'node:http'

const server = createServer((request, response) => {
  request.on('data', () => {})
  request.on('end', () => {
    response.writeHead(202, { 'content-type': 'application/json' })
    response.end('{"accepted":1,"dropped":{}}')
  })
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
