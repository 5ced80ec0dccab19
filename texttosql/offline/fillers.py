"""Words that carry no condition of their own once the others around them are understood.

Small talk, verbs and nouns that a question can do without. A word that no rule takes and that is
missing here makes the engine decline; a word that narrows an answer must never stand here.
"""

from __future__ import annotations

FILLER = frozenset(
    """
a able about according achieve achieved achieves achieving across across-the-board actual actually
advance after again against ah ai aint all almost along alongside already also altogether am among
amount amounts an and another answer answers any anybody anyone anything anyway apart appear
appeared appears appreciate appreciated approx approximately are arent argh around as as-is asap
asc ascending ask asking asks associated at atm attached away awesome back based basically basis
be because been before began begin begins behave behaved behaves behind being believe belong
belonging belongs beside besides between beyond bit boss bot both bother bothering bring btw buddy
bug bugging burn burned burnt but by calculate calculated called came can can't cant carried
carries carry case cases cause certain certainly channel check cheers choose circa clear cleared
coffee colleague combination combinations combined combo combos come comes coming compare compared
comparison complete completed compute computed consume consumed consumes contain containing
contains cool correspond corresponding could couldnt count counted counts curious current
currently data database db deck definitely deliver delivered delivers demo demoing desc descending
despite detail details did didnt difference different dig digest display distinct do does doesnt
doing done dont down dude dumb dump during each earlier easily eh either element elements else em
employ employed employing end end-to-end ended ends entire entries entry equal equalled equals etc
evaluate evaluated evaluates evening ever every everyone everything except excuse exist existing
exists fairly far feature-wise featuring feel feels felt fetch few figure figures filter filtered
final finally find fine finish finished first first-class fit fits fitted folk folks for forth
fraction from full fyi gave generally get gets getting gimme give given gives giving glance gone
got gpu-hours grab group grouped grouping groups guess guys had hadnt happen happened happening
happens has hasnt have havent having he head hear heard held hello her here hey hi highlight his
hit hits hmm hmmm hold holds hope hoping how hp hurry i i'd i'm id if im in include included
includes including individual info information inside instead into involve involved involves
involving is isnt it item items its itself ive just keep keeps kept kicked kind kinda kindly kinds
know known knows land landed last lasted lately later launch launched leaderboard least leave
leaves left lemme less let lets letting like likely limit limited linked list listing lists
literally live lives living log logged lol look looking looks lookup lot lots made mainly make
makes man manage managed manager manages many mate may maybe me mean means meant meeting message
might mind minds mine ml mlflow mlflow's more morning most mostly much must my myself name name's
named names narrow near nearly need needing net nets new next nice no nope nothing now number
numbers observe observed occur occurred occurs of ofc off often oh ok ok-ish okay old on one ones
only onto or order ordered ordering other others our ours ourselves out outside over overall
overview own owned owns pair pairs pal particular peek per per-run percent perf perfect perform
performance performed performing performs perhaps period pick ping pinged pinging place placed
places please please? pls plus plz possible possibly prepare preparing prepping present
presentation presently pretty previously print probably produce produced produces producing
promise pull put puts q quarterly queries query question questions quick quick-question quickly
quite ran rank ranked ranking ranks rather ratio reach reached reaches real really recall-wise
recap recent record recorded records regarding regards related relative remaining report reported
reports respect respectively rest restrict restricted result results return review right rn
roughly row rows run rundown said same saw say says score scored scores scoring second see seeing
seem seemed seems seen select server set sets setting shall share she shouldnt show showing shown
shows side simply since single sir sit sits sitting slack slide slides so some somebody someone
something sometimes sort sort-of sorted speak specific specifically spend spent stand standing
stands standup start started starts stat state statistics stats status still store stored stuff
stupid submitted summarise summarize summary supervisor sure surely sweet table tagged tail take
taken takes taking talk talking team tell tested than thank thanks that thats the their them
themselves then there these they thing things think thinking third this those thought thread
through throughout thx till time time-wise times to today together tonight too took total touch
touched touching toward towards track tracked tracker tracking train trained training tried try
turn turned turning turns ty type types u ugh uh um under unique unless until up upon urgent us
use used uses using usually utilising utilizing validate validated value values various version
versions versus very via view views vs wanna want wanting was wasnt way ways we we've well went
were werent what what's whats when where whether which whichever while who whole whom whose wise
wish with within wonder wondered wondering wont work worked working works would wouldnt wow
writing wrt ya yall yeah yep yes yesterday yet yield yielded yields yo you your yup
""".split()
)
