// Floor: plain Express 5 with one route that reads the body and drops it. Prints its port.
import express from 'express'

const app = express()
app.disable('x-powered-by')
app.post('/v1/events', (request, response) => {
  request.on('data', () => {})
  request.on('end', () => response.status(202).json({ accepted: 1, dropped: {} }))
})
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port))
