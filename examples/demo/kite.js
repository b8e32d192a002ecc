// The colours of a kite's drawing: one button is pressed at a time.

const picture = document.getElementById('picture')
const buttons = document.querySelectorAll('.colours button')

for (const button of buttons) {
  button.addEventListener('click', () => {
    picture.dataset.colour = button.dataset.colour
    for (const other of buttons) other.setAttribute('aria-pressed', String(other === button))
  })
}
