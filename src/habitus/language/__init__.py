"""Words: how texts are cut, compared and, where a model is at hand, understood."""
