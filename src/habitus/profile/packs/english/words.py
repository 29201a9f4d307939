"""The English words that frames are made of, as alternatives inside patterns."""

from __future__ import annotations

ADVERBS = (
    "really|truly|also|too|still|just|actually|honestly|personally|definitely|absolutely|certainly"
    "|generally|genuinely|particularly|especially|strongly|deeply|greatly|much|very much|highly"
    "|totally|completely|simply|firmly|strictly|adamantly|thoroughly|seriously|literally|always"
    "|usually|typically|normally|mostly|often|clearly|obviously|basically|even|now|currently"
    "|recently|lately|fully|utterly|intensely|immensely|consistently|constantly|of course|indeed"
    "|entirely|so|actively|increasingly|both|in general|tend to|ever|already|at times|sure|then"
    "|passionately|vehemently|quite|rather|extremely|never really|thoroughly|secretly|proudly"
)
HEDGES = (
    "maybe|perhaps|probably|possibly|kind of|kinda|sort of|sorta|sometimes|occasionally|might"
    "|guess i|suppose i|think i|think|guess|suppose"
)
DEGREES = (
    "really|very|so|super|too|quite|pretty|rather|extremely|particularly|especially|more|most|big"
    "|huge|massive|great|avid|strong|deep|intense|severe|extreme|strict|bit|little|major|real|true"
    "|total|complete|firm|lifelong|long-time|longtime|long|deep-seated|deep-rooted|general|acute"
    "|terrible|serious|special|particular|clear|hardcore|die-hard|bigger|biggest|certain|genuine"
    "|definite|absolute|proper|profound|mild|slight|bad|overly|such|definitely|much|a bit|a little"
    "|somewhat|incredibly|totally|absolutely|highly|personal|marked|natural|healthy|complete|utter"
    "|overwhelming|irrational|crippling|growing|constant|an|a|all that|that|nice and|and"
)
GOOD = (
    "relaxing|calming|soothing|enjoyable|fascinating|inspiring|therapeutic|fun|rewarding|comforting"
    "|engaging|helpful|useful|effective|delicious|peaceful|fulfilling|invigorating|motivating"
)
BAD = (
    "boring|dull|tedious|ineffective|unhelpful|distracting|overwhelming|difficult|hard|stressful"
    "|annoying|disorienting|exhausting|off-putting|uncomfortable|unappealing|disgusting|tiring"
    "|intimidating|monotonous|draining|unpleasant|impersonal|confusing|frustrating|demotivating"
    "|repetitive|overrated|childish|irritating|gross|restrictive|distressing|challenging|loud"
    "|unbearable|scary|repulsive|pretentious|unengaging|overstimulating|tacky|cheesy"
)
TRY = r"(?:always |generally |usually )?(?:try to|try my best to|do my best to|prefer to|tend to|need to|have to|like to|must|choose to|make sure to|am careful to|want to)(?: always| generally| strictly)?"
FAVOURITE = "favou?rite|fave|fav|go-to|preferred"
PETS = (
    "dogs?|cats?|furry friends?|fur bab(?:y|ies)|fur kids|doggos?|kitties|pupp(?:y|ies)|pups?|kittens?|kitt(?:y|ies)|rabbits?|bunn(?:y|ies)|hamsters?|guinea pigs?|parrots?"
    "|turtles?|tortoises?|goldfish|fish tank|aquarium|snakes?|lizards?|geckos?|ferrets?|ponies|pony"
    "|horses?|chickens|budgies?|parakeets?|canar(?:y|ies)|pets?|labradors?|retrievers?|poodles?"
    "|beagles?|bulldogs?|terriers?|huskies|husky|corgis?|shepherds?|greyhounds?|dachshunds?"
)
KEPT = "golden|german|old|older|young|new|little|two|three|four|beloved|rescue|pet|border|french|sweet|black|white"
BELONGINGS = (
    PETS
    + "|cars?|bikes?|bicycles?|motorbikes?|motorcycles?|scooters?|vans?|trucks?|boats?|campervans?"
    "|caravans?|suvs?|sedans?|convertibles?|teslas?|hybrids?|guitars?|pianos?|violins?|cellos?"
    "|ukuleles?|drums|drum kit|drum set|keyboards?|saxophones?|trumpets?|flutes?|telescopes?"
    "|cameras?|iphones?|android phone|macbooks?|laptops?|ipads?|tablets?|kindles?|consoles?"
    "|playstations?|ps5|ps4|xbox|nintendo switch|gaming pc|smartwatch|fitbit|apple watch|drones?"
    "|3d printers?|sewing machine|air fryer|gardens?|greenhouse|allotment|backyard|balcony|house"
    "|flat|apartment|cottage|cabin|condo|farm|kids?|children|child|sons?|daughters?|twins|toddlers?"
    "|bab(?:y|ies)|stepsons?|stepdaughters?|grandchildren|grandkids|grandsons?|granddaughters?"
    "|brothers?|sisters?|siblings|nieces?|nephews?|husband|wife|tattoos?|piercings?|skateboards?"
    "|surfboards?|kayaks?|canoes?|turntables?|record player|vinyl collection|collection(?: of [\\w-]+(?: (?!that|which|from|in|with|and)[\\w-]+)?)?"
    "|headsets?|headphones|gaming (?:pc|chair|system|setup)|gaming keyboard|video card|graphics card|external drive|metal detector|sneakers|running shoes|new shoes|hiking boots|hiking gear|hiking stuff|outdoor gear|bookcase|bookshelf|new (?:place|home|phone|computer)|record collection"
    "|driving licen[cs]e|driver's licen[cs]e|phd|master's degree|masters degree|bachelor's degree|degree in [\\w-]+(?: [\\w-]+)?"
)
DETERMINERS = (
    "an?|one|two|three|four|five|six|seven|eight|nine|ten|\\d{1,2}|my own|some|several|a few|a couple of"
    "|another|a pet|a pair of|no|a whole"
)
ADJECTIVES = r"(?:(?!of\b|and\b|for\b|to\b|in\b|with\b|that\b|who\b|about\b|on\b|from\b|at\b|my\b|your\b|friend\b|good\b|great\b)[\w\ue000'-]+,? ){0,3}?"
CONDITIONS = (
    "diabetes|type [12] diabetes|asthma|adhd|add|autism|dyslexia|epilepsy|arthritis|anxiety|depression"
    "|celiac disease|coeliac disease|crohn's(?: disease)?|ibs|high blood pressure|migraines|insomnia"
    "|sleep apnea|tinnitus|eczema|psoriasis|hypertension|ptsd|ocd|bipolar disorder|chronic pain|vertigo"
)
WAYS = (
    "vegan|vegetarian|pescatarian|pescetarian|flexitarian|teetotal|teetotaller|sober|gluten[- ]free"
    "|plant[- ]based|early bird|morning person|night owl|homebody|introvert|extrovert|foodie|bookworm"
    "|perfectionist|minimalist|dog owner|cat owner|pet owner|cat person|dog person|muslim|christian"
    "|catholic|jewish|buddhist|hindu|atheist|agnostic|night person|beginner|coeliac|celiac|diabetic"
    "|non-smoker|smoker|people person|gamer|movie buff|coffee drinker|tea drinker"
)
ROLES = (
    "nurse|teacher|doctor|engineer|programmer|developer|designer|lawyer|solicitor|student|artist|writer"
    "|author|musician|dancer|dance instructor|instructor|chef|cook|baker|barista|waiter|waitress"
    "|accountant|analyst|architect|carpenter|plumber|electrician|mechanic|pilot|driver|firefighter"
    "|fire-fighter|police officer|paramedic|surgeon|dentist|vet|veterinarian|pharmacist|therapist"
    "|psychologist|counsell?or|social worker|journalist|photographer|videographer|filmmaker|actor"
    "|actress|singer|songwriter|producer|director|manager|consultant|scientist|researcher|professor"
    "|lecturer|librarian|farmer|gardener|fisherman|sailor|soldier|veteran|entrepreneur|business owner"
    "|shop owner|founder|ceo|freelancer|translator|editor|editor-in-chief|screenwriter|blogger|streamer|youtuber"
    "|podcaster|coach|personal trainer|trainer|athlete|runner|swimmer|cyclist|climber|surfer|skier"
    "|gymnast|boxer|basketball player|football player|soccer player|tennis player|player|golfer"
    "|volunteer|mentor|tutor|parent|mum|mom|mother|dad|father|grandmother|grandfather|grandma|grandpa"
    "|single parent|stay-at-home mom|stay-at-home dad|twin|only child|widow|widower|immigrant|expat"
    "|technician|economist|biologist|chemist|physicist|mathematician|historian|politician|geologist"
    "|data scientist|secretary|receptionist|cashier|clerk|salesperson|salesman|realtor|estate agent|broker"
    "|banker|barber|hairdresser|stylist|tailor|model|painter|sculptor|potter|illustrator|animator"
    "|undergraduate|undergrad|graduate|postgrad|freshman|sophomore|junior|senior|intern|apprentice"
    "|owner|guitarist|drummer|pianist|violinist|dj|comedian|astronaut|civil servant|activist|member of [\\w -]{3,30}"
)
ABILITIES = (
    "play|speak|cook|swim|drive|ride|sing|dance|code|program|knit|sew|crochet|ski|snowboard|surf|skate|bake"
    "|draw|paint|juggle|sail|dive|read music|touch type|type|build|weld|fix|repair|make sushi|whistle"
)
INABILITIES = (
    "swim|drive|cook|sing|dance|ride a bike|ski|code|program|draw|knit|sew|bake|whistle|read music"
    "|play (?:an? |the )?(?:instrument|piano|guitar|violin|chess|tennis|football)|hike|run|walk far"
)
PLAYED = (
    "piano|guitar|violin|cello|drums|bass|flute|saxophone|sax|trumpet|ukulele|clarinet|harp|keyboard"
    "|tennis|football|soccer|basketball|baseball|hockey|golf|rugby|cricket|volleyball|badminton|chess"
    "|squash|poker|bridge|video games|board games|games|table tennis|ping pong|pool|darts|softball"
    "|netball|lacrosse|d&d|dungeons|minecraft|fortnite|league of legends|cs|valorant"
)
DEEDS = (
    "go|do (?!it\\b|that\\b|this\\b|so\\b|have|love|like|enjoy|want|need|think|feel|my best|what)|eat|drink|run|walk|jog|cycle|bike|swim|hike|climb|cook|bake|read|write|watch|listen|play|practi[cs]e"
    "|train|work out|exercise|meditate|paint|draw|knit|sew|garden|volunteer|visit|travel|commute|take"
    "|wake up|get up|sleep|nap|shower|shop|buy|order|skip|have (?:an? )?(?:breakfast|lunch|dinner|coffee|tea|porridge|oatmeal|toast|eggs|cereal|salad|yoghurt|yogurt|smoothie|snack|glass)"
    "|start my day|do yoga|do pilates|do crossfit|do crosswords|do stretches|stretch|lift|attend|study|work from|work late|work on weekends|work nights|journal"
    "|smoke|call my|stay up|stay in|pay|meet(?: up)?|explore|donate|bike|skate|record|practice|tend|garden|chat with|hang out|spend|drive|ride|fly|wear|use|smoke|vape|stream|teach|sing|dance|make (?:coffee|tea|bread|pasta|dinner|breakfast|lunch|music|a list)"
)
OFTEN = (
    "every (?:single )?(?:day|morning|evening|night|afternoon|week|weekend|month|year|summer|winter|spring|autumn|fall|other \\w+|\\w*day|two \\w+|few \\w+|chance)"
    "|each (?:day|morning|evening|night|week|month|year|weekend|\\w+day)|once (?:a|every|per) \\w+|twice (?:a|every|per) \\w+"
    "|(?:three|four|five|six|\\d) times (?:a|per) \\w+|daily|weekly|monthly|nightly|on (?:mon|tues|wednes|thurs|fri|satur|sun)days"
    "|(?:a few|several|a couple(?: of)?) times (?:a|per|each) \\w+|on (?:weekends|weekdays)|on the weekends|at weekends|most (?:days|mornings|evenings|nights|weekends)|all the time|regularly|whenever i can|as often as i can|as much as i can"
)
MANNER = (
    "short|shorter|brief|briefer|concise|simple|simpler|succinct|crisp|formal|informal|casual|friendly|direct"
    "|blunt|honest|polite|detailed|long|longer|thorough|in-depth|step-by-step|technical|non-technical|plain"
    "|straightforward|professional|to-the-point|snappy|light|factual|neutral|precise|verbose|wordy|lengthy"
    "|long-winded|rambling|one-line|one-sentence|funny|sarcastic"
)
MANNERLY = "briefly|concisely|shortly|simply|formally|informally|directly|in detail|in depth|slowly|politely"
ANSWER = "answers?|repl(?:y|ies)|responses?|explanations?|messages|summaries|instructions from you|sentences"
DECORATION = (
    "emojis?|emoticons?|jargon|slang|small talk|bullet points|bullets|bulleted lists|markdown|tables|headings"
    "|fluff|filler|disclaimers?|pleasantries|flattery|exclamation (?:marks|points)|swearing|swear words"
    "|long (?:answers|replies|responses|explanations|paragraphs)|hashtags|abbreviations|apologies|spoilers"
    "|code comments|follow-up questions|technical terms|preamble|introductions|caveats|long-winded answers"
)
TONGUES = (
    "english|french|german|spanish|italian|portuguese|dutch|swedish|norwegian|danish|finnish|polish|czech"
    "|russian|ukrainian|greek|turkish|arabic|hebrew|hindi|urdu|bengali|punjabi|tamil|telugu|chinese|mandarin"
    "|cantonese|japanese|korean|vietnamese|thai|indonesian|malay|swahili|persian|farsi|welsh|irish|gaelic"
    "|catalan|basque|romanian|hungarian|bulgarian|serbian|croatian|latin|sign language|esperanto|tagalog"
)
BREAK = r"(?![\w'-])(?=\s*(?:$|[,.;:()—–]| - |(?:and|but|so|because|since|now|with|when|while|where|which|who|for|right|at the moment|these days|as well|too|very|really|pretty|quite|well|if|though|by|currently|on|after|before|until|every|in|from|then|to)\b))"
SMALL = r"(?!going|listening|talking|travell?ing|walking|flying|driving|writing|moving|speaking|commuting|close|next|related|tailored|easy|to\b)[\w'-]+"
ONGOING = r"taking (?:an? |some )?(?:[\w-]+ ){0,3}?(?:class|classes|course|courses|lessons)|attending|learning|studying|teaching|coaching|mentoring|tutoring|volunteering|doing yoga"
VENTURES = "store|studio|business|company|shop|restaurant|bakery|startup|clinic|blog|podcast|channel|brand|clothing line"
JOY = r"(?:gives?|brings?) me (?:always |so much |such |a lot of |tons of |lots of |a great sense of |great |an? )*(?:joy|peace|happiness|satisfaction|comfort|fulfil?lment|escape)|makes? me (?:so |really |very |feel |truly )*(?:happy|calm|relaxed|alive|free)|(?:helps|lets) (?:me )?(?:relax|de-stress|destress|unwind|escape|recharge|express myself|clear my (?:mind|head)|get my emotions out|chill)|(?:calms|relaxes|energi[sz]es|recharges) me|(?:always )?cheers? me up"
NO_DEED = r"just|am|be|feel|think|know|want|say|find|get|like|love|hate|enjoy|prefer|recommend|suggest|forget|wonder|worry|end up|have(?! (?:breakfast|lunch|dinner|coffee|tea|porridge))|do(?! (?:yoga|pilates|my|some))|try to remember|remember|see|hear|need|hope|agree|tell|mean|make sure|manage|can|could|would|was|had|were|did|don't"
