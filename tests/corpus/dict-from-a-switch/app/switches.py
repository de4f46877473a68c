CHATTY = True
