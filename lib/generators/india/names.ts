/**
 * Given names and family names by language, in Latin letters, the commoner first: lists and order
 * are our own judgement, no statistics. They are common names joined at random: nobody in
 * particular is meant.
 */
export interface NameList {
  readonly language: string;
  readonly male: readonly string[];
  readonly female: readonly string[];
  readonly family: readonly string[];
}

/** Language: men; women; families. */
const table = `
hindi: Rajesh Ramesh Suresh Sanjay Vijay Anil Sunil Mukesh Dinesh Manoj Rakesh Ashok Amit Deepak
 Pankaj Vinod Santosh Ajay Rahul Mahesh Shyam Gopal Naresh Rohit Vikas Umesh Arvind Brijesh;
 Sunita Anita Geeta Rekha Meena Pooja Neha Kavita Seema Asha Usha Sita Kiran Poonam Jyoti Savita
 Manju Laxmi Babita Renu Shanti Archana Nisha Preeti Vandana Sarita Pushpa Kamla;
 Kumar Singh Sharma Verma Yadav Gupta Mishra Prasad Tiwari Pandey Chauhan Maurya Jaiswal Rajput
 Meena Agarwal Sahu Kushwaha Dubey Srivastava Thakur Saini Rawat Choudhary Paswan Soni Patel Jatav
urdu: Mohammed Abdul Imran Irfan Aslam Salim Javed Rashid Shahid Arif Nasir Faisal Wasim Tariq
 Akbar Yusuf Anwar Zubair Sajid Khalid;
 Fatima Ayesha Shabana Nasreen Rukhsana Parveen Zainab Shahnaz Rehana Salma Farzana Mumtaz Sana
 Yasmin Noor Afroz Tabassum Khadija Razia Heena;
 Khan Ansari Shaikh Ahmed Ali Siddiqui Qureshi Hussain Pathan Alam Sayyed Malik Mirza Idrisi
 Hashmi Farooqui Mansoori Rizvi Beg Usmani
bengali: Subrata Sanjoy Biswajit Tapan Swapan Amit Dipak Gautam Pradip Sujit Bikash Arun Ranjit
 Kartik Dilip Partha Sourav Tarun Prosenjit Nirmal;
 Mitali Rina Sumitra Purnima Soma Anjali Mousumi Tapasi Bandana Ratna Kabita Shilpi Jharna Krishna
 Papiya Sutapa Moumita Arpita Chandana Mala;
 Das Mondal Roy Ghosh Sarkar Pal Biswas Dey Saha Paul Bose Mukherjee Banerjee Chatterjee Halder
 Majumdar Dutta Sen Bagchi Nandi
marathi: Sachin Ganesh Sandeep Santosh Prakash Vilas Dattatray Nitin Pravin Balasaheb Kishor Tanaji
 Shivaji Rajendra Sambhaji Yogesh Amol Mangesh Nilesh Vaibhav;
 Sunanda Vaishali Mangal Sangita Shobha Alka Jayshree Surekha Ujwala Manisha Rupali Swati Vandana
 Chhaya Ashwini Pratibha Sushma Kalpana Madhuri Varsha;
 Patil Jadhav Shinde Pawar More Kadam Deshmukh Gaikwad Chavan Kulkarni Joshi Bhosale Kale Mane
 Sawant Deshpande Salunkhe Kamble Thorat Wagh
telugu: Srinivas Venkatesh Ramana Nageswara Prasad Krishna Suresh Ravi Satyanarayana Anjaneyulu
 Rambabu Nagaraju Mallesh Koteswara Siva Hanumanth Yadagiri Chandra Bhaskar Narasimha;
 Lakshmi Padma Sujatha Vijaya Saraswathi Anuradha Swapna Kavitha Sridevi Nagamani Bharathi Rajitha
 Sailaja Venkatamma Durga Jhansi Madhavi Sunitha Aruna Mangamma;
 Reddy Rao Naidu Chowdary Goud Raju Varma Yadav Babu Setty Murthy Naik Sastry Kumari Achari Rathod
 Mudiraj Gupta Kondapalli Nalla
tamil: Murugan Senthil Kumar Rajendran Selvam Karthik Saravanan Ganesan Arumugam Palani Mani Suresh
 Prabhu Velmurugan Anbu Ravi Balaji Mariappan Elango Sivakumar;
 Lakshmi Selvi Kavitha Meenakshi Priya Revathi Vasantha Malar Chitra Kala Amutha Santhi Tamilselvi
 Saroja Gomathi Valli Deepa Devi Parvathi Uma;
 Subramanian Krishnan Raman Natarajan Pillai Iyer Mudaliar Chettiar Nadar Thevar Gounder Rajan
 Shanmugam Perumal Sundaram Muthu Ramasamy Kandasamy Durai Annamalai
gujarati: Bharat Jayesh Mahesh Hitesh Ketan Paresh Kamlesh Nilesh Jignesh Dharmesh Mehul Chirag
 Vipul Haresh Ramesh Kanti Mukesh Alpesh Vishal Harshad;
 Hansa Kokila Jyotsna Bhavna Daksha Ila Hetal Nisha Sonal Rekha Varsha Manisha Komal Falguni Dipika
 Kajal Pinal Urmila Heena Jagruti;
 Patel Shah Parmar Solanki Chauhan Desai Rathod Makwana Vaghela Mehta Thakor Gohil Trivedi Bhatt
 Prajapati Modi Zala Dave Barot Panchal
kannada: Manjunath Nagaraj Basavaraj Ramesh Shivakumar Mahadeva Prakash Girish Raghavendra Lokesh
 Siddappa Mallikarjun Kumara Chandrashekar Ningappa Santhosh Umesh Harish Veeresh Puttaswamy;
 Lakshmamma Shobha Manjula Savitha Roopa Gowramma Nagaratna Sudha Shilpa Bhagya Kavya Jayamma
 Mahadevi Ashwini Geetha Renuka Pavithra Vedavathi Sumithra Chaitra;
 Gowda Shetty Hegde Patil Naik Bhat Kulkarni Swamy Hiremath Rao Badiger Kumbar Nayaka Acharya
 Angadi Biradar Madar Pujari Desai Hosamani
odia: Bijay Ranjan Sarat Prasanta Manas Dillip Santosh Pradeep Ashok Saroj Bhagaban Rabindra
 Sudhir Niranjan Basanta Gopal Trilochan Debasis Jagannath Ajaya;
 Sabita Minati Sasmita Pramila Kuni Mamata Gitanjali Bharati Rasmita Kanak Subhadra Lipsa Nirupama
 Tapaswini Jhunu Namita Snehalata Urmila Basanti Puspalata;
 Nayak Sahoo Das Behera Mohanty Pradhan Jena Swain Rout Patra Panda Mishra Sethi Barik Mallick Dash
 Bhoi Majhi Samal Parida
malayalam: Rajan Sasi Suresh Biju Shaji Vinod Anil Santhosh Manoj Sunil Rajesh Babu Unni Joseph
 Thomas Jose Abdulla Ashraf Hamza Prasad;
 Sheela Bindu Sindhu Mini Lekha Rema Ambika Suma Latha Usha Mary Anitha Ramani Priya Sobha Jameela
 Asha Sreeja Leela Omana;
 Nair Menon Kurup Pillai Varghese Mathew Thomas George Panicker Namboothiri Varma Kutty Chacko
 Kunju Koya Ezhuthachan Philip Nambiar Joseph Warrier
punjabi: Gurpreet Harpreet Manpreet Jaswinder Sukhwinder Kulwinder Balwinder Amarjit Satnam
 Paramjit Ranjit Jagtar Lakhwinder Hardeep Baljit Karamjit Gurmeet Davinder Sarabjit Avtar;
 Simran Harjinder Manjit Kuldeep Jasbir Rajwinder Sukhjit Navneet Amandeep Gurmeet Baljinder
 Kamaljit Ravinder Parminder Kirandeep Sandeep Veerpal Jaspreet Surinder Charanjit;
 Singh Kaur Gill Sidhu Sandhu Dhillon Grewal Bajwa Brar Sharma Kumar Bains Dhaliwal Arora Bhatia
 Chahal Mann Saini Toor Virk
assamese: Bhaben Dipak Pranjal Ranjit Jiten Hemanta Manoj Nayan Prabin Diganta Bipul Mridul Kamal
 Rupam Jadav Biren Hiren Khagen Pulin Tapan;
 Rina Junmoni Nirmali Bornali Mamoni Dipali Anima Pompi Rumi Jonali Bhanita Karabi Minu Purabi
 Rekha Lakhimi Manju Runu Ranjita Himadri;
 Das Kalita Deka Bora Saikia Gogoi Barman Hazarika Baruah Talukdar Sarma Nath Ali Boro Rabha
 Choudhury Dutta Mahanta Phukan Medhi
kashmiri: Mohammad Ghulam Bashir Farooq Tariq Nazir Showkat Mushtaq Javid Imtiyaz Aijaz Riyaz
 Manzoor Fayaz Altaf Hilal;
 Shameema Hafeeza Rafiqa Haleema Jameela Posha Zoona Nighat Ruqaya Shaheena Mehbooba Tasleema
 Gulshan Asmat Dilshada Mubeena;
 Bhat Dar Lone Wani Mir Sheikh Rather Ganie Malik Parray Shah Khan Hajam Najar Sofi Kak
konkani: Francisco Antonio Santan Ramakant Uday Vishnu Caetano Joaquim Prakash Gurudas Mahadev
 Domingos;
 Maria Anita Sushila Fatima Rosaria Shalini Sunita Piedade Vidya Natalina Lata Conceicao;
 Naik Fernandes Gaonkar Dsouza Rodrigues Kamat Pereira Gaude Shirodkar Dias Prabhu Velip
nepali: Bhim Dil Man Krishna Prem Suk Ram Tek Nar Purna Indra Lal;
 Maya Sabitri Devi Phul Sarita Bishnu Pabitra Sangita Dhan Tara Radha Kumari;
 Rai Gurung Chettri Tamang Subba Thapa Sharma Limbu Pradhan Lepcha Bhutia Mangar
manipuri: Ibomcha Tomba Ibungo Ratan Sanjit Bobo Premjit Rajen Nongthang Suranjoy Inao Kumar;
 Ibemhal Thoibi Sanatombi Memcha Bimola Ongbi Romita Sandhyarani Ibeton Chanu Linthoi Priya;
 Singh Meitei Devi Sharma Thokchom Laishram Moirangthem Ningthoujam Khumanthem Yumnam Oinam
 Huidrom
khasi: Banteilang Shan Kyrmen Pynshngain Donbok Bantei Wanlam Skhem Salseng Grikseng Ban Hep;
 Daphi Ibanri Larisa Mebari Phidari Badahun Riti Wansuk Chanmi Silme Balari Rimchi;
 Marbaniang Lyngdoh Sangma Marak Kharkongor Nongrum Syiem Momin Warjri Shira Khongwir Dkhar
mizo: Lalrinawma Lalthanga Zoramthanga Vanlalruata Lalhmangaiha Rinliana Lalbiaka Hmingthanga
 Liana Sanga Lalremruata Zothana;
 Lalrinpuii Lalremsiami Zodinpuii Vanlalhruaii Malsawmi Ramengmawii Biakthangi Lalthanpuii Rinpuii
 Hmangaihi Ngaihte Zorini;
 Ralte Sailo Hmar Fanai Pachuau Khiangte Chhangte Hnamte Colney Renthlei Zote Pautu
naga: Temjen Imkong Neikule Vikho Kevi Tako Tage Likha Nyamar Chungshi Aren Toshi;
 Asen Neisa Vizo Yanger Khrieno Akum Yami Tasso Nyato Limala Atula Chubala;
 Ao Angami Sema Lotha Konyak Tagin Riba Jamir Chishi Kikon Ete Longkumer
santali: Sukhdev Birsa Lakhan Mangal Babulal Jitu Ramdas Sunaram Kanhu Etwa Somra Chandrai;
 Phulmani Sumi Budhni Maino Salge Basanti Champa Raimuni Jhano Parbati Somari Sugi;
 Soren Murmu Hembrom Marandi Hansda Tudu Kisku Besra Oraon Munda Baskey Debbarma
`;

export const nameLists: readonly NameList[] = table
  .trim()
  .split(/\n(?=[a-z]+:)/)
  .map(readList);

export const languages: readonly string[] = nameLists.map((list) => list.language);

function readList(block: string): NameList {
  const [language = "", rest = ""] = block.split(":");
  const [male = [], female = [], family = []] = rest
    .split(";")
    .map((part) => part.trim().split(/\s+/));
  return { language, male, female, family };
}
