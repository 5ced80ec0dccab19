"""Claude writes the SQL; the guard judges it like anybody's.

The files, in the order in which a question walks through them:

    engine         one question: told, tried, repaired, held against a second opinion

  What the model is told
    prompt         the system prompt, the same for all questions to a store; made of
      card           its tables and how they belong together
      meaning        what MLflow's rows mean
      idioms         what SQL this kind of store and the guard take
      worked         a dozen examples
    conversation   the messages of one question; made of
      thread         the turns before it
      clock          the time, and the periods that people speak of
      retrieval      the names of the store that it may mean, within so many characters
        nameindex      all names, filed so that words find theirs
        folding        words and names as they are compared
        describing     one name as the prompt shows it
    veil           marks in place of values that may not leave the house
    data           text of others on its way to the model
    estimate       how many tokens a text is

  How it is asked
    talk           what was said so far, what it cost, the time that is left
    output         the shape of an answer
    model          what the engine needs of a model
    api/           Anthropic, a gateway, Bedrock or Vertex
      client         one answer within so many seconds, or one clear error
      providers      who is called, with what key
      line           whatever hangs is cut off at the deadline
      patience       when a request is sent again
      hearing        an answer as it comes in
      troubles       what went wrong, in our words
      prices         what tokens cost

  What becomes of an answer
    reading        a draft, a question back, or a reason why not
      columns        what the columns of its SQL are: times, metrics and their better end
      plaintext      words for people, with nothing in them to click
    ownwords       what of a result the model made up, which may hold no link either
    doubts         what goes back to it: refused, nothing found, contested
    empty          why a result is empty

  What a model says of a result (--explain, the Explain button)
    explain/
      explainer      asks for three sentences, shows those that hold
      excerpt        the part of the result that is sent
      facts          what all of the result says of itself
      figures        whether each number of a sentence follows from it; by
        wording        what may not stand in a sentence at all
        numerals       its numbers, however they are written
        dates          its dates
        claims         which cells, counts and pairs its numbers may speak of
        around         what the words beside a number make of it
        bounds         numbers that bound others
"""
