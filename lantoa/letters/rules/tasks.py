from lantoa.letters.rules.letter import LetterTask
def read_tasks(body, addressees, issuer, findings): return ()
