// Runs before every other script: nothing can be put into the browser's storage, by nobody. The
// library for fragments then keeps no addresses there (it asks first whether it may).
Storage.prototype.setItem = () => {
  throw new DOMException("Nothing is kept on this terminal.", "QuotaExceededError");
};
